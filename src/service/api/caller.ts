/** The clusters that a caller sees, by name. */
export type VisibleClusters = 'all' | ReadonlySet<string>;

/** Who sent a request, or why it is refused: a text for the caller. */
export type Caller =
  | {
      user: string;
      /** All clusters when absent. */
      clusters?: VisibleClusters;
      /** A person who signed in, by the name to show. */
      person?: string;
    }
  | { refused: string };

/**
 * Finds out who sent a request.
 * @param address the IP address that the request came from
 * @throws UserError when the issuer of tokens cannot be reached
 */
export type Authenticate = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  address: string,
) => Promise<Caller>;
