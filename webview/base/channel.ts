/** What a page says to its host, and hears from it. */
import * as v from 'valibot';
import {
  type AnswerOf,
  type ContentOf,
  type FromPage,
  type OrderOf,
  type PanelProtocol,
  type ParamsOf,
  type QuestionName,
  type ToPage,
  toPage,
} from '../../src/protocol/panels/page.ts';

interface VsCode {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCode;

/** What is to be shown, of the panel's own shape; null: nothing. */
type Shown<P extends PanelProtocol> = Omit<Extract<ToPage, { type: 'show' }>, 'content'> & {
  content: ContentOf<P> | null;
};

interface Question {
  schema: v.GenericSchema;
  partial: (answer: unknown) => void;
  answered: (answer: unknown) => void;
  failed: (message: string) => void;
}

/** Why the host could not answer, in the editor's language; empty if nobody has to be told. */
export class Refusal extends Error {}

export class Channel<P extends PanelProtocol> {
  readonly #host = acquireVsCodeApi();
  readonly #protocol: P;
  readonly #questions = new Map<number, Question>();
  #latest = 0;
  #shown = 0;

  constructor(protocol: P) {
    this.#protocol = protocol;
  }

  /** Ignores what has not the shape of a message or of the panel's content: the message before it stays in force. */
  listen(receive: (message: Shown<P> | Extract<ToPage, { type: 'pointed' }>) => void): void {
    window.addEventListener('message', ({ data }) => {
      const parsed = v.safeParse(toPage, data);
      if (!parsed.success) return;
      const message = parsed.output;
      if (message.type === 'show') {
        const content = v.safeParse(v.nullable(this.#protocol.content), message.content);
        if (!content.success) return;
        this.#shown = message.number;
        receive({ ...message, content: content.output as ContentOf<P> | null });
      } else if (message.type === 'pointed') {
        if (message.content === this.#shown) receive(message);
      } else this.#settle(message);
    });
    this.#host.postMessage({ type: 'ready' });
  }

  /** @throws Refusal; the signal's reason once it is aborted */
  ask<N extends QuestionName<P>>(
    name: N,
    params: ParamsOf<P, N>,
    signal: AbortSignal,
    partial: (answer: AnswerOf<P, N>) => void = () => {},
  ): Promise<AnswerOf<P, N>> {
    this.#latest += 1;
    const id = this.#latest;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const drop = () => {
        if (this.#questions.delete(id)) this.#host.postMessage({ type: 'drop', id });
        reject(signal.reason);
      };
      signal.addEventListener('abort', drop, { once: true });
      const done = () => {
        signal.removeEventListener('abort', drop);
        this.#questions.delete(id);
      };
      this.#questions.set(id, {
        schema: this.#protocol.questions[name]!.answer,
        partial: partial as Question['partial'],
        answered: (answer) => {
          done();
          resolve(answer as AnswerOf<P, N>);
        },
        failed: (message) => {
          done();
          reject(new Refusal(message));
        },
      });
      this.#host.postMessage({ type: 'ask', id, name, params });
    });
  }

  order(order: OrderOf<P>): void {
    this.#host.postMessage({ type: 'order', content: this.#shown, order });
  }

  /** An index into the content's tokens; null: none. */
  point(token: number | null): void {
    if (this.#shown > 0) this.#host.postMessage({ type: 'point', content: this.#shown, token });
  }

  copy(text: string): void {
    this.#host.postMessage({ type: 'copy', text });
  }

  /** @param name of the file, without its extension */
  save(extension: Extract<FromPage, { type: 'save' }>['extension'], data: string, name: string): void {
    this.#host.postMessage({ type: 'save', extension, data, name });
  }

  /** What {@link keep} kept over a hidden tab or a window's reload, which VS Code writes to the disk. */
  kept(): unknown {
    return this.#host.getState();
  }

  keep(state: unknown): void {
    this.#host.setState(state);
  }

  #settle(message: Extract<ToPage, { type: 'partial' | 'answer' | 'failed' }>): void {
    const question = this.#questions.get(message.id);
    if (!question) return;
    if (message.type === 'failed') {
      question.failed(message.message);
      return;
    }
    const parsed = v.safeParse(question.schema, message.answer);
    if (!parsed.success) {
      // The rest of the answer is not waited for.
      if (message.type === 'partial') this.#host.postMessage({ type: 'drop', id: message.id });
      question.failed(parsed.issues[0].message);
    } else if (message.type === 'partial') question.partial(parsed.output);
    else question.answered(parsed.output);
  }
}
