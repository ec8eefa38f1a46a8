using System.Collections.Concurrent;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Filters;

/// <summary>What the filters of one host do with the calls of which grains; the calls of others they let through.</summary>
public sealed class FilterScript
{
    private readonly ConcurrentDictionary<(string Filter, string Key), Func<IGrainCallContext, Task>> _acts = new();

    /// <summary>What filters have seen, by key.</summary>
    public Stage Stage { get; } = new();

    /// <summary>From now on the filter of that name does this with calls of the grain or observer with that key.</summary>
    public void On(string filter, GrainId target, Func<IGrainCallContext, Task> act) => _acts[(filter, target.ToString())] = act;

    /// <summary>Plays the part of the filter of that name.</summary>
    public Task PlayAsync(string filter, IGrainCallContext context) =>
        _acts.TryGetValue((filter, context.TargetId.ToString()), out var act) ? act(context) : context.Invoke();
}
