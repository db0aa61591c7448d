import * as v from 'valibot';
import type { CancellationTokenSource } from 'vscode';
import { issueForLog } from '../../protocol/issueForLog.ts';
import {
  type AnswerOf,
  type ContentOf,
  type FromPage,
  fromPage,
  type Labels,
  type OrderOf,
  type PanelProtocol,
  type QuestionName,
  type ToPage,
} from '../../protocol/panels/page.ts';
import type { Call, PanelAnswers } from './answers.ts';

/** What a page shows, and what the editor tells it. */
export interface PanelSide<P extends PanelProtocol> {
  readonly protocol: P;
  readonly answers: PanelAnswers<P>;
  labels(): Labels;
  /** Null: there is nothing to show now. */
  content(): ContentOf<P> | null;
  obey(order: OrderOf<P>): void;
  /** Outlines a token of the content in the editor; null: none. */
  point(token: number | null): void;
}

/** What the editor does for all panels alike. */
export interface PanelHost {
  readonly locale: string;
  /** Sends to the page. A hidden page receives nothing, and says `ready` when it is shown again. */
  post(message: ToPage): void;
  copy(text: string): void;
  save(file: Extract<FromPage, { type: 'save' }>): void;
  /** The sentence that a person is shown for an error; null for none. */
  sentence(error: unknown): string | null;
  /** The page sent something that it never sends by itself. */
  warn(reason: string): void;
  newCancellation(): Pick<CancellationTokenSource, 'token' | 'cancel' | 'dispose'>;
}

type Asked = Extract<FromPage, { type: 'ask' }>;
type Cancellation = ReturnType<PanelHost['newCancellation']>;

/** The most questions of a page that are open at once: several times what any of ours asks. */
const mostCalls = 64;

/** The host's side of the talk with a page: checks what the page says, and answers its questions. Knows no editor. */
export class Conversation<P extends PanelProtocol> {
  readonly #side: PanelSide<P>;
  readonly #host: PanelHost;
  readonly #calls = new Map<number, Cancellation>();
  /** The number of what is shown. Messages about older content are ignored. */
  #number = 0;

  constructor(side: PanelSide<P>, host: PanelHost) {
    this.#side = side;
    this.#host = host;
  }

  /** Something else is to be shown. */
  show(): void {
    this.#side.point(null);
    this.#number += 1;
    const [labels, content] = [this.#side.labels(), this.#side.content()];
    this.#host.post({ type: 'show', number: this.#number, locale: this.#host.locale, labels, content });
  }

  /** A token of the content is pointed at in the editor; null: no longer. */
  point(token: number | null): void {
    this.#host.post({ type: 'pointed', content: this.#number, token });
  }

  /** @param raw whatever the page sent */
  receive(raw: unknown): void {
    const message = this.#parse(fromPage, raw);
    if (message) this.#take(message);
  }

  /** The page is gone: nobody waits for what it asked. */
  end(): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.cancel();
  }

  #take(message: FromPage): void {
    const isCurrent = 'content' in message && message.content === this.#number;
    if (message.type === 'ready') this.#begin();
    else if (message.type === 'ask') this.#ask(message);
    else if (message.type === 'drop') this.#calls.get(message.id)?.cancel();
    else if (message.type === 'copy') this.#host.copy(message.text);
    else if (message.type === 'save') this.#host.save(message);
    else if (message.type === 'point' && isCurrent) this.#side.point(message.token);
    else if (message.type === 'order' && isCurrent) {
      const order = this.#parse<OrderOf<P>>(this.#side.protocol.order, message.order);
      if (order !== null) this.#side.obey(order);
    }
  }

  /** A page was made anew, for example after its tab was hidden: nobody waits for the earlier page's questions. */
  #begin(): void {
    this.end();
    this.show();
  }

  #ask({ id, name, params }: Asked): void {
    // Its answer would be taken for the earlier question's, which could not be dropped any more.
    if (this.#calls.has(id)) this.#host.warn(`question ${id} is open already`);
    else if (this.#calls.size >= mostCalls) {
      this.#host.warn(`more than ${mostCalls} questions are open`);
      this.#host.post({ type: 'failed', id, message: '' });
    } else if (isQuestion(this.#side.protocol, name)) void this.#answer(id, name, params);
    else this.#host.post({ type: 'failed', id, message: '' });
  }

  async #answer<N extends QuestionName<P>>(id: number, name: N, raw: unknown): Promise<void> {
    const params = this.#parse<v.InferOutput<P['questions'][N]['params']>>(
      this.#side.protocol.questions[name]!.params,
      raw,
    );
    if (params === null) return this.#host.post({ type: 'failed', id, message: '' });
    const cancellation = this.#host.newCancellation();
    this.#calls.set(id, cancellation);
    // A page that begins anew counts its questions from 1 again, so it did not ask those from before.
    const say = (message: ToPage) => {
      if (this.#calls.get(id) === cancellation) this.#host.post(message);
    };
    const call: Call<AnswerOf<P, N>> = {
      cancellation: cancellation.token,
      report: (partial) => say({ type: 'partial', id, answer: partial }),
    };
    try {
      say({ type: 'answer', id, answer: await this.#side.answers[name](params, call) });
    } catch (error) {
      // A dropped question is answered, too, so that a page that asked again knows that it has ended.
      say({ type: 'failed', id, message: this.#host.sentence(error) ?? '' });
    } finally {
      if (this.#calls.get(id) === cancellation) this.#calls.delete(id);
      cancellation.dispose();
    }
  }

  #parse<T>(schema: v.GenericSchema<unknown, T>, raw: unknown): T | null {
    const parsed = v.safeParse(schema, raw);
    if (parsed.success) return parsed.output;
    this.#host.warn(issueForLog(parsed.issues[0]));
    return null;
  }
}

function isQuestion<P extends PanelProtocol>({ questions }: P, name: string): name is QuestionName<P> {
  return Object.hasOwn(questions, name);
}
