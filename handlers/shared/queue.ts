import { openQueue, type Queue } from '../../src/connect/queue.ts';
import { fromEnvironment } from './environment.ts';

const queues = new Map<string, Queue>();

/** The queue whose address an environment variable of the deployment holds, kept between invocations. */
export function queueOf(variable: 'QUEUE_URL' | 'DEAD_LETTER_QUEUE_URL'): Queue {
  const known = queues.get(variable) ?? openQueue(fromEnvironment(variable));
  queues.set(variable, known);
  return known;
}
