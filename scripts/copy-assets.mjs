/** After `tsc`: the files that are not TypeScript go beside the compiled ones, and the front door becomes executable. */
import {chmodSync, cpSync} from 'node:fs';

cpSync('source', 'dist/source', {
	recursive: true,
	filter: (path) => !/\.tsx?$/.test(path),
});
chmodSync('dist/cli.js', 0o755);
