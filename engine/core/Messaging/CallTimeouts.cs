namespace OrleansCache.Engine.Messaging;

/// <summary>Ends calls whose deadline has passed. One timer looks through all of them; a timer per call would cost more than the call.</summary>
internal sealed class CallTimeouts
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(25);
    private readonly Stripe[] _stripes = new Stripe[8];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _now;
    private int _isSweeping;
    private volatile string? _stopped;

    public CallTimeouts(TimeProvider time)
    {
        _time = time;
        _now = time.GetTimestamp();
        for (var i = 0; i < _stripes.Length; i++) _stripes[i] = new Stripe();
        _timer = time.CreateTimer(static self => ((CallTimeouts)self!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>The clock's time at the last sweep: precise enough for ages.</summary>
    public long RoughNow => Volatile.Read(ref _now);

    public long DeadlineIn(TimeSpan timeout)
    {
        var ticks = timeout.TotalSeconds * _time.TimestampFrequency;
        return timeout < TimeSpan.Zero || ticks >= long.MaxValue / 2 ? long.MaxValue : _time.GetTimestamp() + (long)ticks;
    }

    public TimeSpan Remaining(long deadline) => deadline == long.MaxValue ? TimeSpan.FromMilliseconds(uint.MaxValue) : _time.GetElapsedTime(_time.GetTimestamp(), deadline);

    public void Add(Call call)
    {
        var index = Environment.CurrentManagedThreadId % _stripes.Length;
        call.Timeout.Stripe = index + 1;
        _stripes[index].Add(call);

        // Looked at last: a stop either finds the call in the list or is seen here.
        Interlocked.MemoryBarrier();
        if (_stopped is { } reason) call.Fail(new SiloUnavailableException($"{reason} {call} was not sent."));
    }

    public void Remove(Call call)
    {
        if (call.Timeout.Stripe is > 0 and var index) _stripes[index - 1].Remove(call);
    }

    /// <summary>Ends all calls, whatever their deadlines, and those that come later: the host has stopped.</summary>
    public void Stop(string reason)
    {
        _stopped = reason;
        _timer.Dispose();
        foreach (var stripe in _stripes)
        {
            foreach (var call in stripe.TakeExpired(long.MaxValue)) call.Fail(new SiloUnavailableException($"{reason} {call} was not answered."));
        }
    }

    private void Sweep()
    {
        var now = _time.GetTimestamp();
        Volatile.Write(ref _now, now);
        if (Interlocked.Exchange(ref _isSweeping, 1) != 0) return;
        try
        {
            foreach (var stripe in _stripes)
            {
                foreach (var call in stripe.TakeExpired(now)) call.TimeOut();
            }
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }

    /// <summary>A call's place in the list of those that wait.</summary>
    internal struct Entry
    {
        public Call? Earlier;
        public Call? Later;
        public int Stripe;
        public bool IsListed;
    }

    private sealed class Stripe
    {
        private readonly Lock _gate = new();
        private Call? _first;

        public void Add(Call call)
        {
            lock (_gate)
            {
                call.Timeout.IsListed = true;
                call.Timeout.Later = _first;
                if (_first is not null) _first.Timeout.Earlier = call;
                _first = call;
            }
        }

        public void Remove(Call call)
        {
            lock (_gate) Unlink(call);
        }

        public List<Call> TakeExpired(long now)
        {
            if (Volatile.Read(ref _first) is null) return [];
            lock (_gate)
            {
                var expired = new List<Call>();
                for (var call = _first; call is not null; call = call.Timeout.Later)
                {
                    if (call.Deadline <= now) expired.Add(call);
                }

                foreach (var call in expired) Unlink(call);
                return expired;
            }
        }

        private void Unlink(Call call)
        {
            ref var entry = ref call.Timeout;
            if (!entry.IsListed) return;
            entry.IsListed = false;
            if (entry.Earlier is null) _first = entry.Later;
            else entry.Earlier.Timeout.Later = entry.Later;
            if (entry.Later is not null) entry.Later.Timeout.Earlier = entry.Earlier;
            entry.Earlier = entry.Later = null;
        }
    }
}
