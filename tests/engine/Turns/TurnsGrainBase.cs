using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Turns;

/// <inheritdoc cref="ITurnsGrain"/>
public abstract class TurnsGrainBase(StageDoor door) : Grain, ITurnsGrain
{
    private int _count;
    private int _pokes;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyString().EndsWith("/slow", StringComparison.Ordinal))
            await door.Stage.Gate(this.GetPrimaryKeyString() + "/activate").PassAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task Increment()
    {
        var read = _count;
        await Task.Yield();
        await Task.Delay(1);
        _count = read + 1;
    }

    /// <inheritdoc/>
    public async Task IncrementInOneTurn()
    {
        await Task.Run(() => { });
        var read = _count;
        Thread.SpinWait(2_000);
        _count = read + 1;
    }

    /// <inheritdoc/>
    public Task<int> Count() => Task.FromResult(_count);

    /// <inheritdoc/>
    public Task Wait() => door.Stage.Gate(this.GetPrimaryKeyString()).PassAsync();

    /// <inheritdoc/>
    public Task Poke()
    {
        _pokes++;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> Pokes() => Task.FromResult(_pokes);

    /// <inheritdoc/>
    public async Task<bool> ComesBack()
    {
        var own = TaskScheduler.Current;
        var elsewhere = await Task.Run(() => TaskScheduler.Current);
        var afterRun = TaskScheduler.Current;
        await Task.Yield();
        var afterYield = TaskScheduler.Current;
        await Task.Delay(1);
        return own != TaskScheduler.Default && elsewhere == TaskScheduler.Default && afterRun == own && afterYield == own && TaskScheduler.Current == own;
    }
}
