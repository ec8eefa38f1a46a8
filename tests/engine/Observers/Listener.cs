using System.Collections.Concurrent;
using OrleansCache.Engine.Tests.Errors;

namespace OrleansCache.Engine.Tests.Observers;

/// <summary>Answers with its name.</summary>
public sealed class Listener(string name) : IListener
{
    /// <summary>What it has been told.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    /// <inheritdoc/>
    public async Task<string> Ask(string question)
    {
        await Task.Yield();
        return $"{name}: {question}";
    }

    /// <inheritdoc/>
    public Task AskInVain(string question) => throw new ShelfException(question) { Shelf = name };

    /// <inheritdoc/>
    public Task<string> AskBriefly(string question) => Ask(question);

    /// <inheritdoc/>
    public Task Tell(string news)
    {
        Heard.Enqueue(news);
        return Task.CompletedTask;
    }
}
