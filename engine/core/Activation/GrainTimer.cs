using System.Buffers;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Activation;

/// <summary>A timer whose ticks go through the mailbox of its activation, as calls do.</summary>
internal sealed class GrainTimer<TState> : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<TState, CancellationToken, Task> _callback;
    private readonly TState _state;
    private readonly GrainTimerCreationOptions _options;
    private readonly ActivationShared _shared;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _disposing = new();
    private TimeSpan _period;
    private int _changes;

    public GrainTimer(Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options, ActivationShared shared)
    {
        (_activation, _callback, _state, _options, _shared) = (activation, callback, state, options, shared);

        // Nothing of the code that made the timer flows into its ticks.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = shared.Time.CreateTimer(static self => ((GrainTimer<TState>)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        _period = period;
        _changes++;
        _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (!_disposing.IsCancellationRequested) _disposing.Cancel();
        _activation.Forget(this);
    }

    private static void Check(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(name, time, "A timer's times are not negative, or infinite.");
    }

    private void Fire()
    {
        if (!_disposing.IsCancellationRequested) _activation.TryEnqueue(new Tick(this));
    }

    private async Task TickAsync(ICallHost host, Call tick)
    {
        var changes = _changes;
        try
        {
            if (!_disposing.IsCancellationRequested) await _callback(_state, _disposing.Token);
        }
        catch (Exception exception)
        {
            if (!_disposing.IsCancellationRequested) _shared.LogTimerFailed(_activation.GrainId, exception);
        }
        finally
        {
            // The callback itself may have set another time.
            if (!_disposing.IsCancellationRequested && changes == _changes && _period != Timeout.InfiniteTimeSpan) _timer.Change(_period, Timeout.InfiniteTimeSpan);
            host.Finished(tick);
        }
    }

    private sealed class Tick(GrainTimer<TState> timer) : Call(timer._activation.GrainId)
    {
        public override bool IsOneWay => true;

        public override bool IsAlwaysInterleave => timer._options.Interleave;

        public override bool IsUse => timer._options.KeepAlive;

        public override bool IsLocal => true;

        public override string Name => "A timer's tick";

        public override bool IsCancellable => false;

        public override bool IsDone => timer._disposing.IsCancellationRequested;

        public override void WriteRequest(ref WireWriter writer) => throw new NotSupportedException("A timer belongs to one activation.");

        public override void Complete(AnswerStatus status, ReadOnlySequence<byte> body)
        {
        }

        public override void Fail(Exception exception)
        {
        }

        public override void TimeOut()
        {
        }

        protected override Task RunAsync(ICallHost host, object target) => timer.TickAsync(host, this);
    }
}
