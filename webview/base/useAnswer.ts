import { useLayoutEffect, useState } from 'preact/hooks';
import type { AnswerOf, PanelProtocol, ParamsOf, QuestionName } from '../../src/protocol/panels/page.ts';
import { type Channel, Refusal } from './channel.ts';

export interface Answered<A> {
  /** The newest answer, partial or not; the one before it stays until it comes, if it is about the same. */
  answer: A | null;
  /** Why there is no answer. */
  problem: string | null;
  isPending: boolean;
  /** Whether the answer is one to the question before: it must not bear the new one's name (`Held`). */
  isOlder: boolean;
}

interface State<A> extends Omit<Answered<A>, 'isOlder'> {
  /** What the answer answers, and what it is about. */
  answered: string;
  subject: string | number;
}

/**
 * The host's answer to a question, asked again when its parameters or `about` change; the one before is dropped then.
 * @param params plain data; null: nothing is asked
 * @param about what the question is about besides, such as which text: an answer about something else does not count
 */
export function useAnswer<P extends PanelProtocol, N extends QuestionName<P>>(
  channel: Channel<P>,
  name: N,
  params: ParamsOf<P, N> | null,
  about: string | number = '',
): Answered<AnswerOf<P, N>> {
  const [state, setState] = useState<State<AnswerOf<P, N>>>({
    answered: '',
    subject: about,
    answer: null,
    problem: null,
    isPending: params !== null,
  });
  // Objects are new at every drawing; their texts are not.
  const question = JSON.stringify([params, about]);
  // Before the next frame is drawn: a slider's question has no time to lose.
  useLayoutEffect(() => {
    const [asked] = JSON.parse(question) as [ParamsOf<P, N> | null, unknown];
    if (asked === null) {
      setState({ answered: question, subject: about, answer: null, problem: null, isPending: false });
      return;
    }
    const controller = new AbortController();
    const show = (answer: AnswerOf<P, N>, isPending: boolean) => {
      if (controller.signal.aborted) return;
      setState({ answered: question, subject: about, answer, problem: null, isPending });
    };
    setState((before) => ({
      ...(before.subject === about ? before : { answered: '', answer: null }),
      ...{ subject: about, problem: null, isPending: true },
    }));
    channel
      .ask(name, asked, controller.signal, (partial) => show(partial, true))
      .then((answer) => show(answer, false))
      .catch((error) => {
        if (controller.signal.aborted) return;
        const problem = error instanceof Refusal ? error.message : String(error);
        setState((before) => ({ ...before, problem, isPending: false }));
      });
    return () => controller.abort();
  }, [channel, name, question]);
  const { answered, subject, answer, problem, isPending } = state;
  const isOlder = answered !== question;
  if (subject !== about) return { answer: null, problem: null, isPending: params !== null, isOlder };
  return { answer, problem, isPending, isOlder };
}
