namespace OrleansCache.Cli.Prompt;

/// <summary>The names that completion can offer of a running cluster.</summary>
internal interface IKnownNames
{
    IReadOnlyList<string> Regions { get; }

    /// <summary>The nodes of a region.</summary>
    Task<IReadOnlyList<string>> NodesAsync(string region, CancellationToken cancellation);

    /// <summary>Keys of books that begin with a text, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation);
}
