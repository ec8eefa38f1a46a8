namespace OrleansCache.Redis;

/// <summary>
/// What a node stands on: a server without any guard. A call may take for ever and may fail with any exception, but only
/// through its task; <see cref="GuardedNode"/> makes a node of it.
/// </summary>
internal interface INodeStore : IAsyncDisposable
{
    Task<NodeEntry?> ReadAsync(string key);

    Task WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite);

    Task RemoveAsync(IReadOnlyList<string> keys);

    Task<long> ClearAsync(CancellationToken cancellation);

    Task PingAsync();

    /// <summary>Gives the connection up and makes a new one; does not wait for it. Calls under way may never end.</summary>
    void Reconnect();
}
