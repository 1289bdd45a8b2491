/** After `npm run build`: writes `schemas/` and `docs/reference/configuration.md` from the schemas that the program reads with. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {configurationReference} from '../dist/source/workspace/configuration-reference.js';
import {jsonSchemaFile} from '../dist/source/workspace/json-schema.js';
import {fileKinds} from '../dist/source/workspace/schema/kinds.js';

mkdirSync('schemas', {recursive: true});
mkdirSync('docs/reference', {recursive: true});
for (const kind of Object.keys(fileKinds)) {
	const {name, text} = jsonSchemaFile(kind);
	writeFileSync(`schemas/${name}`, text);
}
writeFileSync('docs/reference/configuration.md', configurationReference());
