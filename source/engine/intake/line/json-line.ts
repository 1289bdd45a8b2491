import {type InputText, shownLine} from '../../../model/input-text.js';
import type {Bytes} from '../bytes.js';
import {JsonObjects} from '../json/json-objects.js';
import {readAsUtf8} from '../text/utf8-bytes.js';

const silent = {onLog: () => undefined, onWarning: () => undefined};

/** The object that begins on a line. Several may: then the line does not tell which it is. */
export async function jsonLine(source: Bytes, page: string, line: number, encoding: string | null): Promise<InputText> {
	return await readAsUtf8(source, encoding, silent, async ({bytes}) => {
		const objects = new JsonObjects(page);
		let [text, here, past] = ['', 0, false];
		const look = (found: ReturnType<JsonObjects['write']>): void => {
			for (const object of found) {
				past ||= object.line > line;
				if (object.line === line && ++here === 1) text = object.text;
				if (past || here > 1) return;
			}
		};
		for await (const piece of bytes.open()) {
			look(objects.write(piece));
			if (past || here > 1) break;
		}
		if (!past && here < 2) look(objects.end());
		if (here > 1) return {texts: [], note: `Several objects of ${page} begin on line ${line}: the line does not tell which of them it is`};
		return here === 1 ? {texts: [{page, text: shownLine(text)}], note: null} : {texts: [], note: null};
	});
}
