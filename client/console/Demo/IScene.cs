using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Demo;

/// <summary>One thing that the cache is for, shown on a running cluster and checked.</summary>
internal interface IScene
{
    /// <summary>What it shows, in a few words.</summary>
    string Title { get; }

    Task<SceneReport> PlayAsync(Stage stage, CancellationToken cancellation);
}
