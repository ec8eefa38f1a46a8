using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.Activation;

/// <summary>
/// A grain's life on this silo: its mailbox, and the scheduler of its turns.
/// 1. One turn at a time: everything that the grain does is a task of this scheduler, and <see cref="IThreadPoolWorkItem.Execute"/> runs them one by one.
/// 2. A request starts when no other one is under way, or when it may interleave. None starts before the activation is done or after its end has begun.
/// 3. The end waits for the running requests. Those that wait then go on to the next activation.
/// </summary>
internal sealed class Activation(GrainId grainId, GrainClass grainClass, ActivationShared shared, long number) : TaskScheduler, IGrainContext, IActivationHome, ICallHost, IThreadPoolWorkItem
{
    private const int CallsPerTurn = 16;
    private const int TasksPerTurn = 64;
    private const int CallsPerSweep = 256;
    private TurnQueue _turns;
    private CallQueue _waiting;
    private CallQueue _interleaving;
    private Call? _blocking;
    private int _running;
    private int _callsToSweep = CallsPerSweep;
    private State _state;
    private bool _isScheduled;
    private bool _isDraining;
    private bool _isRegistered;
    private long _lastUsed = shared.Timeouts.RoughNow;
    private long _keepUntil;
    private IServiceScope? _scope;
    private GrainReference? _reference;
    private HashSet<IDisposable>? _timers;
    private Ending? _ending;

    private enum State : byte
    {
        Starting,
        Active,
        Ended,
    }

    public GrainId GrainId => grainId;

    public long Number => number;

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => _reference ??= (GrainReference)shared.References.Create(grainId, typeof(GrainReference));

    public IServiceProvider ActivationServices => (_scope ??= shared.Services.CreateScope()).ServiceProvider;

    public Task Deactivated => TheEnding().Done.Task;

    public string SiloIdentity => shared.Silo.ToString();

    public IGrainFactory GrainFactory => shared.References;

    /// <summary>Whether the directory has the activation.</summary>
    public bool IsRegistered => Volatile.Read(ref _isRegistered);

    public override int MaximumConcurrencyLevel => 1;

    public void Start() => shared.Tasks.Run(BeginAsync);

    /// <summary>Puts a request into the mailbox; false when the activation has ended.</summary>
    public bool TryEnqueue(Call call)
    {
        List<Call>? done = null;
        lock (this)
        {
            if (_state == State.Ended) return false;
            if (grainClass.IsReentrant || call.IsAlwaysInterleave) _interleaving.Add(call);
            else _waiting.Add(call);
            if (!_isScheduled && CanStart) Schedule();

            // While a grain is stuck, calls that have timed out would pile up. Looking for them as often as there are living ones costs each call next to nothing.
            if (--_callsToSweep <= 0) done = SweepUnderLock();
        }

        if (done is not null) EndDone(done);
        return true;
    }

    public bool IsIdleSince(long moment)
    {
        lock (this) return _state == State.Active && _running == 0 && _ending?.Reason is null && _waiting.IsEmpty && _interleaving.IsEmpty && _lastUsed <= moment && _keepUntil <= shared.Timeouts.RoughNow;
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (this)
        {
            if (_state == State.Ended) return;
            var ending = TheEnding();
            if (ending.Reason is not null) return;
            ending.Reason = deactivationReason;
            ending.Token = cancellationToken;
            if (_state != State.Active) return;
            if (_running == 0) shared.Tasks.Run(EndAsync);
            else ending.WaitForRequests(this, shared);
        }
    }

    /// <summary>Forgets everything, as a crash would: nobody is told and nothing starts any more.</summary>
    public void Abandon()
    {
        lock (this)
        {
            _state = State.Ended;
            _waiting = _interleaving = default;
        }

        EndTimers();
    }

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        lock (this)
        {
            _keepUntil = timeSpan == TimeSpan.MaxValue || timeSpan == System.Threading.Timeout.InfiniteTimeSpan ? long.MaxValue
                : timeSpan < TimeSpan.Zero ? 0 : shared.Timeouts.DeadlineIn(timeSpan);
        }
    }

    public IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        lock (this)
        {
            var timer = new GrainTimer<TState>(this, callback, state, options, shared);
            (_timers ??= []).Add(timer);
            timer.Change(options.DueTime, options.Period);
            return timer;
        }
    }

    public void Forget(IDisposable timer)
    {
        lock (this) _timers?.Remove(timer);
    }

    public void Finished(Call call)
    {
        lock (this)
        {
            _running--;
            if (ReferenceEquals(_blocking, call)) _blocking = null;
            if (call.IsUse) _lastUsed = shared.Timeouts.RoughNow;
            if (_ending is { Reason: not null })
            {
                if (_running == 0 && _state == State.Active) shared.Tasks.Run(EndAsync);
            }
            else if (!_isScheduled && CanStart)
            {
                Schedule();
            }
        }
    }

    public void Post(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => $"{grainId}#{number}";

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < TasksPerTurn; i++)
        {
            Task? turn;
            lock (this)
            {
                turn = _turns.Take();
                if (turn is null)
                {
                    if (_isDraining || !CanStart)
                    {
                        _turns.Rest();
                        _isScheduled = false;
                        return;
                    }

                    _isDraining = true;
                }
            }

            // Starting a task puts it into the queue of turns, from where the next round takes it.
            if (turn is null) new Task(static self => ((Activation)self!).StartCalls(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach).Start(this);
            else TryExecuteTask(turn);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    protected override void QueueTask(Task task)
    {
        lock (this)
        {
            _turns.Add(task);
            if (!_isScheduled) Schedule();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => !taskWasPreviouslyQueued && ReferenceEquals(Current, this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (this) return _turns.ToArray();
    }

    private bool CanStart => _state == State.Active && _ending?.Reason is null && (!_interleaving.IsEmpty || (!_waiting.IsEmpty && _blocking is null));

    private void Schedule()
    {
        _isScheduled = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private List<Call>? SweepUnderLock()
    {
        List<Call>? done = null;
        var left = _waiting.TakeDone(ref done) + _interleaving.TakeDone(ref done);
        _callsToSweep = Math.Max(CallsPerSweep, left);
        return done;
    }

    private static void EndDone(List<Call> done)
    {
        foreach (var call in done) call.Fail(new TimeoutException($"{call} was not run in time."));
    }

    private Ending TheEnding()
    {
        lock (this) return _ending ??= new Ending();
    }

    private void StartCalls()
    {
        for (var i = 0; i < CallsPerTurn; i++)
        {
            Call call;
            lock (this)
            {
                if (!CanStart) break;
                if (_interleaving.IsEmpty || (i % 2 == 1 && !_waiting.IsEmpty && _blocking is null)) _blocking = call = _waiting.Take();
                else call = _interleaving.Take();
                _running++;
            }

            if (call.IsDone || call.IsCancelled)
            {
                call.Fail(new OperationCanceledException($"{call} was cancelled before it ran."));
                Finished(call);
            }
            else
            {
                // It never fails, and tells when it has finished: the activation is its owner.
                _ = call.StartAsync(this, GrainInstance!);
            }
        }

        lock (this) _isDraining = false;
    }

    private async Task BeginAsync()
    {
        try
        {
            var elsewhere = grainClass.IsStateless ? null : await shared.Directory.RegisterAsync(grainId, number, () => Volatile.Write(ref _isRegistered, true));
            if (elsewhere is not null)
            {
                shared.Addresses.Set(grainId, elsewhere);
                Leave(null);
                return;
            }

            await Task.Factory.StartNew(static self => ((Activation)self!).ActivateAsync(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();
        }
        catch (Exception exception)
        {
            if (exception is not SiloUnavailableException) shared.LogActivationFailed(grainId, exception);
            EndTimers();
            await CleanUpAsync();
            Leave(exception);
            return;
        }

        lock (this)
        {
            if (_state == State.Ended) return;
            _state = State.Active;
            _lastUsed = shared.Timeouts.RoughNow;
            if (_ending is { Reason: not null }) shared.Tasks.Run(EndAsync);
            else if (!_isScheduled && CanStart) Schedule();
        }
    }

    private async Task ActivateAsync()
    {
        GrainInstance = grainClass.Create(shared.NeedsScope(grainClass) ? ActivationServices : shared.Services);
        using var timeout = new CancellationTokenSource(shared.ActivationTimeout, shared.Time);
        await ((IGrainBase)GrainInstance).OnActivateAsync(timeout.Token);
    }

    private async Task EndAsync()
    {
        var ending = TheEnding();
        lock (this)
        {
            if (ending.HasBegun) return;
            ending.HasBegun = true;
        }

        ending.Dispose();
        EndTimers();
        try
        {
            await Task.Factory.StartNew(static self => ((Activation)self!).DeactivateAsync(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();
        }
        catch (Exception exception)
        {
            shared.LogDeactivationFailed(grainId, exception);
        }

        await CleanUpAsync();
        Leave(null);
    }

    private void EndTimers()
    {
        IDisposable[] timers;
        lock (this) timers = _timers?.ToArray() ?? [];
        foreach (var timer in timers)
        {
            try
            {
                timer.Dispose();
            }
            catch (Exception exception)
            {
                // What the grain has registered with a tick's token failed; the activation ends all the same.
                shared.LogDeactivationFailed(grainId, exception);
            }
        }
    }

    private async Task DeactivateAsync()
    {
        var ending = _ending!;
        using var timeout = new CancellationTokenSource(shared.DeactivationTimeout, shared.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ending.Token);
        await ((IGrainBase)GrainInstance!).OnDeactivateAsync(ending.Reason!.Value, either.Token).WaitAsync(timeout.Token);
    }

    private async Task CleanUpAsync()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else (GrainInstance as IDisposable)?.Dispose();
            if (_scope is IAsyncDisposable scope) await scope.DisposeAsync();
            else _scope?.Dispose();
        }
        catch (Exception exception)
        {
            shared.LogDeactivationFailed(grainId, exception);
        }

        try
        {
            if (_isRegistered) await shared.Directory.UnregisterAsync(grainId, number);
        }
        catch (SiloUnavailableException)
        {
            // The silo has stopped meanwhile; its entries go with it.
        }
        catch (Exception exception)
        {
            // The entry is found to be stale by the next one who follows it.
            shared.LogDeactivationFailed(grainId, exception);
        }
    }

    /// <summary>Ends the activation for good; the requests that wait fail or find the grain's next one.</summary>
    private void Leave(Exception? error)
    {
        List<Call> left = [];
        lock (this)
        {
            _state = State.Ended;
            while (!_waiting.IsEmpty) left.Add(_waiting.Take());
            while (!_interleaving.IsEmpty) left.Add(_interleaving.Take());
        }

        Volatile.Write(ref _isRegistered, false);
        shared.Remove(this);
        foreach (var call in left)
        {
            if (error is not null) call.Fail(shared.Serializer.CopyException(error));
            else if (!call.IsLocal) shared.Router.Route(call);
        }

        TheEnding().Done.TrySetResult();
    }

    private sealed class Ending : IDisposable
    {
        private ITimer? _timer;

        public DeactivationReason? Reason { get; set; }

        public CancellationToken Token { get; set; }

        public bool HasBegun { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Requests that never end do not keep the activation for ever.</summary>
        public void WaitForRequests(Activation activation, ActivationShared shared) =>
            _timer = shared.Time.CreateTimer(static self => ((Activation)self!).GiveUpWaiting(), activation, shared.DeactivationTimeout, System.Threading.Timeout.InfiniteTimeSpan);

        public void Dispose() => _timer?.Dispose();
    }

    private void GiveUpWaiting() => shared.Tasks.Run(EndAsync);
}
