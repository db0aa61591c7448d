/** The probabilities panel's page. */
import { probabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import { startPage } from '../base/page.tsx';
import { options } from './options.ts';
import './probabilities.css';
import { View } from './view.tsx';

startPage(probabilitiesPanel, options, View, ['follow']);
