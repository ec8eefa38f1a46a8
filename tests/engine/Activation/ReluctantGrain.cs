using OrleansCache.Engine.Tests.Errors;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Activation;

/// <inheritdoc cref="IReluctantGrain"/>
public sealed class ReluctantGrain(StageDoor door) : Grain, IReluctantGrain
{
    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        door.Stage.Notes(this.GetPrimaryKeyString()).Count == 0 ? throw new ShelfException("not today") { Shelf = "A7" } : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<bool> Answers() => Task.FromResult(true);
}
