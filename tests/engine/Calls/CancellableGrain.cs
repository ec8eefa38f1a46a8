using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Calls;

/// <inheritdoc cref="ICancellableGrain"/>
[PlaceByKey]
public sealed class CancellableGrain(StageDoor door) : Grain, ICancellableGrain
{
    /// <inheritdoc/>
    public async Task<string> Wait(string argument, CancellationToken cancellationToken)
    {
        try
        {
            await door.Stage.Gate(this.GetPrimaryKeyString()).PassAsync(cancellationToken);
            return argument;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            door.Stage.Note(this.GetPrimaryKeyString(), "cancelled");
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<string> WaitAt(string other, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<ICancellableGrain>(other).Wait("through", cancellationToken);

    /// <inheritdoc/>
    public Task<(bool CanBe, bool Is)> Look(CancellationToken cancellationToken) =>
        Task.FromResult((cancellationToken.CanBeCanceled, cancellationToken.IsCancellationRequested));
}
