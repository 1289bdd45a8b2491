import {BlockList, isIP} from 'node:net';

/*
 * Addresses that mean this machine, its network, its cloud's metadata, or nothing a request could want: requests from configuration do not go
 * there (SPEC 17). After the special-purpose registries of IANA.
 */

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
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4],
	['240.0.0.0', 4],
] as const) {
	closed.addSubnet(network, prefix, 'ipv4');
}

/** All that is routed in IPv6 begins so; loopback, mapped, translated, local and multicast addresses do not. */
const routed = new BlockList();
routed.addSubnet('2000::', 3, 'ipv6');

/** Within that: tunnels, which carry an IPv4 address of anybody's choice, and what is for tests and documents. */
const unroutable = new BlockList();
for (const [network, prefix] of [
	['2001::', 23],
	['2001:db8::', 32],
	['2002::', 16],
	['3fff::', 20],
] as const) {
	unroutable.addSubnet(network, prefix, 'ipv6');
}

/** Whether requests may not go to an address; what is no address at all counts as one they may not go to. */
export function isPrivateAddress(address: string): boolean {
	// why: a zone names an interface of this machine
	if (address.includes('%')) return true;
	switch (isIP(address)) {
		case 4:
			return closed.check(address, 'ipv4');
		case 6:
			return !routed.check(address, 'ipv6') || unroutable.check(address, 'ipv6');
		default:
			return true;
	}
}
