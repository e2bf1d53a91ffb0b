export { openQueue, type Queue } from '../adapters/sqs/queue.ts';
