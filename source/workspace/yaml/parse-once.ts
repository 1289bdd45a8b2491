import {parseYaml, type YamlFile} from './yaml-file.js';

/**
 * Texts that were read lately with what was parsed from them, oldest first. Parsing takes 5/6 of reading a workspace, and the whole
 * is read again at each change of one file. A parsed file takes about twenty times its text: 20 MB at most.
 */
const lately = new Map<string, YamlFile>();
const mostCharacters = 1_000_000;
let characters = 0;

/** `parseYaml`, at once for a text that was read lately. */
export function parseOnce(text: string): YamlFile {
	const known = lately.get(text);
	const yaml = known ?? parseYaml(text);
	if (known) lately.delete(text);
	else characters += text.length;
	lately.set(text, yaml);
	for (const oldest of lately.keys()) {
		if (characters <= mostCharacters) break;
		lately.delete(oldest);
		characters -= oldest.length;
	}
	return yaml;
}
