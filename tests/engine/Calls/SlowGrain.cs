using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Calls;

/// <inheritdoc cref="ISlowGrain"/>
[PlaceByKey]
public sealed class SlowGrain(StageDoor door) : Grain, ISlowGrain
{
    /// <inheritdoc/>
    public Task WaitOneSecond() => door.Stage.Gate(this.GetPrimaryKeyString()).PassAsync();

    /// <inheritdoc/>
    public Task Wait() => door.Stage.Gate(this.GetPrimaryKeyString()).PassAsync();

    /// <inheritdoc/>
    public async Task<string> WaitFor(string other)
    {
        try
        {
            await GrainFactory.GetGrain<ISlowGrain>(other).WaitOneSecond();
            return "answered";
        }
        catch (TimeoutException)
        {
            return "timeout";
        }
    }

    /// <inheritdoc/>
    public Task Cycle(string[] keys, int next) => GrainFactory.GetGrain<ISlowGrain>(keys[next]).Cycle(keys, (next + 1) % keys.Length);

    /// <inheritdoc/>
    public Task WaitOneWay() => door.Stage.Gate(this.GetPrimaryKeyString()).PassAsync();

    /// <inheritdoc/>
    public Task FailOneWay()
    {
        door.Stage.Note(this.GetPrimaryKeyString(), "failing");
        throw new InvalidOperationException("nobody hears this");
    }

    /// <inheritdoc/>
    public Task FailOther(string other) => GrainFactory.GetGrain<ISlowGrain>(other).FailOneWay();

    /// <inheritdoc/>
    public Task<bool> Answers() => Task.FromResult(true);
}
