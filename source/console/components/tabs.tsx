import type {ReactElement} from 'react';
import {Line} from './line.js';

export type TabsProps = {
	readonly tabs: readonly string[];
	readonly active: number;
	readonly width: number;
};

/** A line of tabs, the active one in brackets as well as in colour. */
export function Tabs({tabs, active, width}: TabsProps): ReactElement {
	const spans = tabs.map((tab, index) =>
		index === active ? {text: `[${tab}] `, tone: 'key' as const} : {text: ` ${tab}  `, tone: 'muted' as const},
	);
	return <Line spans={spans} width={width} />;
}
