import {BlockList, isIPv6} from 'node:net';

/** Addresses that mean this machine, its network, or its cloud's metadata: requests from configuration do not go there (SPEC 17). */
const closed = new BlockList();
for (const [network, prefix] of [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4],
	['240.0.0.0', 4],
] as const) {
	closed.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
	['::', 128],
	['::1', 128],
	['64:ff9b::', 96],
	['100::', 64],
	['2001:db8::', 32],
	['fc00::', 7],
	['fe80::', 10],
	['ff00::', 8],
] as const) {
	closed.addSubnet(network, prefix, 'ipv6');
}

/** Whether an address is private, loopback, link-local, metadata or reserved; IPv4 in an IPv6 coat counts as what it is. */
export function isPrivateAddress(address: string): boolean {
	const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
	if (inner) return isPrivateAddress(inner);
	if (isIPv6(address) && /^::ffff:/i.test(address)) return true;
	return closed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
