namespace OrleansCache.Redis;

/// <summary>
/// The server behind a node, without any protection: a call may hang and may fail with any exception, but only through its task.
/// <see cref="GuardedNode"/> makes a node of it.
/// </summary>
internal interface INodeStore : IAsyncDisposable
{
    Task<NodeEntry?> ReadAsync(string key);

    Task WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite);

    Task RemoveAsync(IReadOnlyList<string> keys);

    Task<long> ClearAsync(CancellationToken cancellation);

    Task PingAsync();
}
