/** The engine as a forked process that is started when it is needed. */
import { type ParamsOf, type ResultOf, type VerbName, type Verbs, verbs } from '../../protocol/engine.ts';
import type { EngineClient, EngineState, EngineVerb, RequestOptions } from './client.ts';
import type { LogSink } from './log.ts';
import { RightOfWay } from './rightOfWay.ts';
import type { EngineProgram } from './spawner.ts';
import { Supervisor } from './supervisor.ts';
import { defaultTiming, type Timing } from './timing.ts';
import { untilCancelled } from './untilCancelled.ts';

export class ForkedEngine implements EngineClient {
  readonly #supervisor: Supervisor;
  readonly #rightsOfWay = new Map<VerbName, RightOfWay>();

  readonly load = this.#verb('load');
  readonly explain = this.#verb('explain');
  readonly score = this.#verb('score');
  readonly generate = this.#verb('generate');
  readonly attention = this.#verb('attention');
  readonly attend = this.#verb('attend');
  readonly distribution = this.#verb('distribution');
  readonly lens = this.#verb('lens');
  readonly attentionMap = this.#verb('attentionMap');
  readonly thumbnails = this.#verb('thumbnails');
  readonly headPatterns = this.#verb('headPatterns');
  readonly importance = this.#verb('importance');
  readonly structure = this.#verb('structure');

  /** @param version the extension's own, which the process must share */
  constructor(program: EngineProgram, version: string, log: LogSink, timing: Timing = defaultTiming) {
    this.#supervisor = new Supervisor({ program, version, log, timing });
  }

  get state(): EngineState {
    return this.#supervisor.state;
  }

  get onDidChangeState() {
    return this.#supervisor.onDidChangeState;
  }

  async start(): Promise<void> {
    this.#supervisor.forgive();
    await this.#supervisor.connect();
  }

  dispose(): void {
    this.#supervisor.dispose();
  }

  #verb<V extends VerbName>(verb: V): EngineVerb<V> {
    return (params, options = {}) => this.#request(verb, params, options);
  }

  #request<V extends VerbName>(
    verb: V,
    params: ParamsOf<V>,
    options: RequestOptions<Verbs[V]['partial']>,
  ): Promise<ResultOf<V>> {
    const { request, progress } = verbs[verb];
    const send = async () => {
      const engine = await untilCancelled(this.#supervisor.connect(), options.cancellation);
      return engine.request(request, progress, params, options);
    };
    const rightOfWay = this.#rightOfWay(verb);
    return options.givesWay ? rightOfWay.giveWay(send, options.cancellation) : rightOfWay.goFirst(send);
  }

  #rightOfWay(verb: VerbName): RightOfWay {
    const known = this.#rightsOfWay.get(verb) ?? new RightOfWay();
    this.#rightsOfWay.set(verb, known);
    return known;
  }
}
