import {basename, dirname, join} from 'node:path';
import {type SourceFile, statOf} from './source-files.js';

const place = '{file}';

/** Whether a name is that of a marker of any file. */
export function isMarkerName(template: string, name: string): boolean {
	const [before = '', after = ''] = template.split(place);
	return name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after);
}

/** Where the marker of a file is. */
export function markerPath(template: string, file: string): string {
	return join(
		dirname(file),
		template.replace(place, () => basename(file)),
	);
}

/**
 * The marker that says that a file is whole; null while there is none, or one that speaks of an earlier file of that name: it was there when
 * that one was taken, or it is older than this file.
 *
 * @param spent the marker with which a file of that path was taken last
 */
export async function markerOf(template: string, file: SourceFile, spent: string | null): Promise<string | null> {
	const marker = await statOf(markerPath(template, file.path));
	if (marker === null || marker.version === spent) return null;
	const isLater = marker.modifiedMs >= file.modifiedMs || marker.changedMs >= file.changedMs;
	return isLater ? marker.version : null;
}

const separator = ' marked ';

/** The mark of a file together with the marker it was taken with. */
export function withMarker(mark: string, marker: string | null): string {
	return marker === null ? mark : `${mark}${separator}${marker}`;
}

/** Takes them apart again. */
export function markAndMarker(text: string): {readonly mark: string; readonly marker: string | null} {
	const [mark = '', marker = null] = text.split(separator);
	return {mark, marker};
}
