using System.Diagnostics;
using System.Globalization;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Idle;

/// <inheritdoc cref="ILodgerGrain"/>
public abstract class LodgerGrainBase(StageDoor door) : Grain, ILodgerGrain
{
    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        door.Stage.Note(this.GetPrimaryKeyString(), reason.ReasonCode.ToString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Touch() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StayFor(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Tick(bool keepAlive)
    {
        var period = TimeSpan.FromMilliseconds(100);
        this.RegisterGrainTimer(
            _ =>
            {
                door.Stage.Note(this.GetPrimaryKeyString() + "/ticks", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(period, period) { KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Wait() => door.Stage.Gate(this.GetPrimaryKeyString()).PassAsync();
}
