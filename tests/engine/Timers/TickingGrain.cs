using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Timers;

/// <inheritdoc cref="ITickingGrain"/>
public sealed class TickingGrain(StageDoor door) : Grain, ITickingGrain
{
    private readonly Dictionary<string, IGrainTimer> _timers = [];
    private bool _inCall;
    private bool _inTick;

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        door.Stage.Note(this.GetPrimaryKeyString(), "left");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Start(string name, TimeSpan due, TimeSpan period, bool interleave)
    {
        var options = new GrainTimerCreationOptions(due, period) { Interleave = interleave };
        _timers[name] = this.RegisterGrainTimer(TickAsync, name, options);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartBlocked(string name)
    {
        _timers[name] = this.RegisterGrainTimer(BlockAsync, name, new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.FromMilliseconds(1)) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartFaulty(string name, TimeSpan period)
    {
        _timers[name] = this.RegisterGrainTimer(
            _ =>
            {
                door.Stage.Note(name, "tick");
                return door.Stage.Notes(name).Count == 1 ? throw new InvalidOperationException("The first tick fails.") : Task.CompletedTask;
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, period));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Change(string name, TimeSpan due, TimeSpan period)
    {
        _timers[name].Change(due, period);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Stop(string name)
    {
        _timers[name].Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Wait()
    {
        _inCall = true;
        await door.Stage.Gate(this.GetPrimaryKeyString()).PassAsync();
        _inCall = false;
    }

    /// <inheritdoc/>
    public Task Poke()
    {
        door.Stage.Note(this.GetPrimaryKeyString(), _inTick ? "poke in a tick" : "poke");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task TickAsync(string name, CancellationToken cancellationToken)
    {
        var meets = (_inCall ? " in a call" : "") + (_inTick ? " in a tick" : "");
        _inTick = true;
        await Task.Yield();
        door.Stage.Note(name, "tick" + meets);
        _inTick = false;
    }

    private async Task BlockAsync(string name, CancellationToken cancellationToken)
    {
        door.Stage.Note(name, "begins");
        try
        {
            await door.Stage.Gate(name).PassAsync(cancellationToken);
            door.Stage.Note(name, "ends");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            door.Stage.Note(name, "cancelled");
        }
    }
}
