/** Writes docs/reference/openapi.json from the compiled routes (run `npm run build` first). A test holds it current. */
import {readFileSync, writeFileSync} from 'node:fs';
import {openApiText} from '../dist/source/api/openapi/document.js';

const {version} = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('docs/reference/openapi.json', openApiText(version));
