using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Filters;

/// <inheritdoc cref="ICensorGrain"/>
[PlaceByKey]
public sealed class CensorGrain(StageDoor door) : Grain, ICensorGrain, IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public Task<string> Say(string word)
    {
        door.Stage.Note(this.GetPrimaryKeyString(), "method");
        return Task.FromResult(word);
    }

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        door.Stage.Note(this.GetPrimaryKeyString(), "grain");
        await context.Invoke();
        if (context.Result is string { Length: > 3 })
            context.Result = "***";
    }
}
