import {connector} from './connector/screen.js';
import {connectors} from './connectors/screen.js';
import {deliveries} from './deliveries/screen.js';
import {execution} from './execution/screen.js';
import {executions} from './executions/screen.js';
import {find} from './find/screen.js';
import {history} from './history/screen.js';
import {home} from './home/screen.js';
import type {ScreenName} from './place.js';
import {problems} from './problems/screen.js';
import {records} from './records/screen.js';
import {review} from './review/screen.js';
import {row} from './row/screen.js';
import {run} from './run/screen.js';
import type {AnyScreen} from './screen.js';
import {tables} from './tables/screen.js';

/** Every screen by its name: a line each. */
export const screens: Readonly<Partial<Record<ScreenName, AnyScreen>>> = {
	home,
	connectors,
	execution,
	executions,
	tables,
	row,
	review,
	run,
	records,
	problems,
	history,
	deliveries,
	connector,
	find,
};
