import {conforms} from './conformance.js';
import {holdings} from './harness.js';

for (const holding of holdings) conforms(holding);
