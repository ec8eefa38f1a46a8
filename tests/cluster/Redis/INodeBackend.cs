using OrleansCache.Redis;

namespace OrleansCache.Tests.Redis;

/// <summary>The server of the nodes in a contract test, and its time.</summary>
internal interface INodeBackend : IAsyncDisposable
{
    /// <summary>The elapsed time.</summary>
    TimeSpan Elapsed { get; }

    INode CreateNode(NodeOptions settings);

    Task PauseAsync();

    Task ResumeAsync();

    Task KillAsync();

    /// <summary>Restarts the killed server, empty.</summary>
    Task RestartAsync();

    /// <summary>Lets time pass until a condition holds.</summary>
    Task PassTimeUntilAsync(Func<bool> condition, string what);
}
