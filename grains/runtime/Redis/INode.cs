namespace OrleansCache.Redis;

/// <summary>
/// A region's Redis, or what stands in for one. What it holds are hints: identities decide what is true. Every call
/// but <see cref="ClearAsync"/> ends within the node's budget.
/// </summary>
public interface INode : IAsyncDisposable
{
    /// <summary>The node's name on the ring.</summary>
    string Name { get; }

    /// <summary>Whether calls are tried now; false while the circuit is open after repeated failures.</summary>
    bool IsAvailable { get; }

    /// <summary>Called whenever <see cref="IsAvailable"/> has changed. At most one listener; it must not block.</summary>
    Action<INode>? Changed { get; set; }

    /// <summary>Reads a book and what is left of its time to live, in one round trip.</summary>
    /// <returns>The entry, or null when the node has none, or one that cannot be read.</returns>
    /// <exception cref="NodeUnavailableException">No answer within the budget, too many calls in flight, or the circuit is open.</exception>
    ValueTask<NodeEntry?> ReadAsync(string key, CancellationToken cancellation);

    /// <summary>
    /// Writes a book, or that it was removed, with its time to live, in one round trip. An entry of a higher version is left as it is unless
    /// <paramref name="overwrite"/> says that the catalog itself has just been read.
    /// </summary>
    /// <exception cref="NodeUnavailableException">As for <see cref="ReadAsync"/>.</exception>
    ValueTask WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite, CancellationToken cancellation);

    /// <summary>Removes books, in one round trip.</summary>
    /// <exception cref="NodeUnavailableException">As for <see cref="ReadAsync"/>.</exception>
    ValueTask RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>Removes all books, and nothing else that the server holds. Takes as long as the server is large.</summary>
    /// <returns>How many entries there were.</returns>
    /// <exception cref="NodeUnavailableException">The node does not answer, or the circuit is open; some may have been removed.</exception>
    ValueTask<long> ClearAsync(CancellationToken cancellation);

    /// <summary>Tries the node past its circuit.</summary>
    /// <exception cref="NodeUnavailableException">No answer within the budget.</exception>
    ValueTask PingAsync(CancellationToken cancellation);
}
