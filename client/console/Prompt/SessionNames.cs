using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Prompt;

/// <summary>The names of the session's cluster. Who completes a word wants no error: what cannot be asked has no names.</summary>
internal sealed class SessionNames(ISessionSource sessions) : IKnownNames
{
    public IReadOnlyList<string> Regions => sessions.Current is { } session ? session.Regions.Names : [];

    public async Task<IReadOnlyList<string>> NodesAsync(string region, CancellationToken cancellation)
    {
        try
        {
            return sessions.Current is { } session
                ? [.. (await session.Operations.GetRingAsync(region, cancellation).ConfigureAwait(false)).Nodes.Select(node => node.Name)]
                : [];
        }
        catch (CacheException)
        {
            return [];
        }
    }

    public async Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation)
    {
        try
        {
            return sessions.Current is { } session ? await session.KeysAsync(prefix, limit, cancellation).ConfigureAwait(false) : [];
        }
        catch (CacheException)
        {
            return [];
        }
    }
}
