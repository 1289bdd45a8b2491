import {realpathSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';

/** Whether this process may become another user, and that one may enter the folder for temporary files. */
export const mayBeAnother = process.getuid?.() === 0 && (statSync(realpathSync(tmpdir())).mode & 0o1) !== 0;
