using System.Collections.Concurrent;

namespace OrleansCache.Engine.Tests.Filters;

/// <summary>What the filters of one host do with the calls of which grains; the calls of others they let through.</summary>
public sealed class FilterScript
{
    private readonly ConcurrentDictionary<(string Filter, string Key), Func<IGrainCallContext, Task>> _acts = new();

    /// <summary>From now on the filter of that name does this with calls of that grain or observer.</summary>
    public void On(string filter, GrainId target, Func<IGrainCallContext, Task> act) => _acts[(filter, target.ToString())] = act;

    /// <summary>Plays the part of the filter of that name. Calls that Orleans itself makes, such as the one that cancels another, come by as well and are let through.</summary>
    public Task PlayAsync(string filter, IGrainCallContext context) =>
        context.InterfaceMethod.DeclaringType?.Assembly == GetType().Assembly && _acts.TryGetValue((filter, context.TargetId.ToString()), out var act) ? act(context) : context.Invoke();
}
