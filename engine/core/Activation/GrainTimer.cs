using System.Buffers;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Activation;

/// <summary>
/// A timer whose ticks go through the mailbox of its activation, as calls do. While a tick waits there or runs, the timer stands still: its
/// ticks never meet each other, and a change of its times begins to count when the tick has ended.
/// </summary>
internal sealed class GrainTimer<TState> : IGrainTimer
{
    // What a timer of the system takes, some 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(0xFFFFFFFE);

    private readonly Activation _activation;
    private readonly Func<TState, CancellationToken, Task> _callback;
    private readonly TState _state;
    private readonly GrainTimerCreationOptions _options;
    private readonly ActivationShared _shared;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _gate = new();
    private TimeSpan _period;
    private TimeSpan? _due;
    private bool _isTicking;

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
        lock (_gate)
        {
            _period = period;
            if (_isTicking) _due = dueTime;
            else _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (!_disposing.IsCancellationRequested) _disposing.Cancel();
        _activation.Forget(this);
    }

    private static void Check(TimeSpan time, string name)
    {
        if (time == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, Longest, name);
    }

    private void Fire()
    {
        lock (_gate) _isTicking = true;
        if (!_disposing.IsCancellationRequested) _activation.TryEnqueue(new Tick(this));
    }

    private async Task TickAsync(ICallHost host, Call tick)
    {
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
            Continue();
            host.Finished(tick);
        }
    }

    private void Continue()
    {
        lock (_gate)
        {
            var next = _due ?? _period;
            _due = null;
            _isTicking = false;
            if (!_disposing.IsCancellationRequested && next != Timeout.InfiniteTimeSpan) _timer.Change(next, Timeout.InfiniteTimeSpan);
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
