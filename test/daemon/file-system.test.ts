import {expect, test} from 'vitest';
import {fileSystemOf, mountOf} from '../../source/daemon/state/file-system.js';

const table = [
	'22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
	'30 22 0:40 / /srv/shared\\040files rw - nfs4 server:/files rw',
	'31 22 0:41 / /srv/shared rw - tmpfs tmpfs rw',
	'32 22 0:42 / /srv/shared rw - xfs /dev/sdb1 rw',
].join('\n');

test('a folder is on the mount that is nearest above it, the last where several cover one another', () => {
	expect(mountOf('/srv', table)).toEqual({kind: 'ext4', at: '/'});
	expect(mountOf('/srv/shared', table)).toEqual({kind: 'xfs', at: '/srv/shared'});
	expect(mountOf('/srv/shared/w/.sluice', table)).toEqual({kind: 'xfs', at: '/srv/shared'});
	expect(mountOf('/srv/shared files/w', table)).toEqual({kind: 'nfs4', at: '/srv/shared files'});
	expect(mountOf('/srv', '')).toBeNull();
});

test.runIf(process.platform === 'linux')('this machine names the file system of a folder', async () => {
	expect(await fileSystemOf('/proc')).toBe('proc (/proc)');
});
