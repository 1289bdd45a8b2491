import {statfs} from 'node:fs/promises';

/** `f_type` of statfs(2) on Linux: file systems whose files are written by other machines, or through a program that may reach one. */
const shares: ReadonlySet<bigint> = new Set([
	0x6969n, // NFS
	0x517bn, // SMB
	0xff534d42n, // CIFS
	0xfe534d42n, // SMB2
	0x65735546n, // FUSE: sshfs, rclone, s3fs
	0x01021997n, // 9P
	0x5346414fn, // AFS
	0x6b414653n, // the AFS of the kernel
	0x73757245n, // Coda
	0x00c36400n, // Ceph
	0x0bd00bd0n, // Lustre
	0x01161970n, // GFS2
	0x7461636fn, // OCFS2
	0x47504653n, // GPFS
	0x19830326n, // BeeGFS
	0x786f4256n, // shared folders of VirtualBox
	0xbacbacbcn, // shared folders of VMware
]);

/** Whether a folder is on a network share, as far as the system tells (Linux alone); false for a folder that is not there. */
export async function isOnNetworkShare(folder: string, platform: string = process.platform): Promise<boolean> {
	if (platform !== 'linux') return false;
	try {
		const {type} = await statfs(folder, {bigint: true});
		return isShare(type);
	} catch {
		return false;
	}
}

/** @param type `f_type`, which some machines sign-extend */
export function isShare(type: bigint): boolean {
	return shares.has(BigInt.asUintN(32, type));
}
