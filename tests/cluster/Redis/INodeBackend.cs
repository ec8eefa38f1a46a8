using OrleansCache.Redis;

namespace OrleansCache.Tests.Redis;

/// <summary>The server behind the nodes of a contract test, and the time that its test lives in.</summary>
internal interface INodeBackend : IAsyncDisposable
{
    /// <summary>The time that has passed.</summary>
    TimeSpan Elapsed { get; }

    INode CreateNode(NodeOptions settings);

    Task PauseAsync();

    Task ResumeAsync();

    Task KillAsync();

    /// <summary>Starts the killed server again, empty.</summary>
    Task RestartAsync();

    /// <summary>Lets time pass until a condition holds.</summary>
    Task PassTimeUntilAsync(Func<bool> condition, string what);
}
