using System.Collections.Concurrent;
using OrleansCache.Owners;
using OrleansCache.TestSupport;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// Controls the grain calls of a scenario: some are held at gates, some are counted, and an owner may be lost after one. Orleans' own calls
/// pass.
/// </summary>
internal sealed class CallScript
{
    private readonly ConcurrentQueue<HeldCall> _held = new();
    private readonly ConcurrentDictionary<(Type Contract, string Method), int> _begun = new();
    private string? _lastOfOwner;

    public Gate Hold<TContract>(string method, string from) =>
        Hold(new(typeof(TContract), method, from, OnItsWayBack: false, new($"the call {typeof(TContract).Name}.{method} from {from}")));

    /// <summary>Lets calls be made, and holds their responses.</summary>
    public Gate HoldAnswer<TContract>(string method, string from) =>
        Hold(new(typeof(TContract), method, from, OnItsWayBack: true, new($"the answer to {typeof(TContract).Name}.{method} for {from}")));

    /// <summary>Lets calls be made, and holds the responses of a region's grains, whoever has called.</summary>
    public Gate HoldAnswerOf<TContract>(string method, string region) =>
        HoldAnswer<TContract>(method, Grains(region));

    /// <summary>Waits until this number of calls of a method have begun and reached their first wait, if they have any.</summary>
    public Task HaveBegunAsync<TContract>(string method, int count) =>
        Eventually.IsTrueAsync(() => _begun.GetValueOrDefault((typeof(TContract), method)) >= count,
            $"{count} calls of {typeof(TContract).Name}.{method} have begun");

    /// <summary>Loses the activation of an owner, with its state, after this call of it, however the call ends.</summary>
    public void LoseOwnerAfter(string method) => Volatile.Write(ref _lastOfOwner, method);

    public void OpenAll()
    {
        foreach (var held in _held)
            held.Gate.Open();
    }

    public async Task LeaveAsync(IOutgoingGrainCallContext context, string from)
    {
        var held = Find(context.InterfaceMethod?.DeclaringType, context.MethodName, from);
        if (held is null)
        {
            await context.Invoke();
        }
        else if (!held.OnItsWayBack)
        {
            await held.Gate.PassAsync(context.Invoke);
        }
        else
        {
            try
            {
                await context.Invoke();
            }
            finally
            {
                await held.Gate.PassAsync(() => Task.CompletedTask);
            }
        }
    }

    public async Task ArriveAsync(IIncomingGrainCallContext context, string region)
    {
        if (context.InterfaceMethod?.DeclaringType is not { } contract)
        {
            await context.Invoke();
            return;
        }

        var (method, grain) = (context.MethodName, context.Grain);
        try
        {
            // The grain's code runs up to its first wait before this returns.
            var call = context.Invoke();
            _begun.AddOrUpdate((contract, method), 1, static (_, count) => count + 1);
            await call;
        }
        finally
        {
            if (Find(contract, method, Grains(region)) is { } held)
                await held.Gate.PassAsync(() => Task.CompletedTask);
            // Before the response is sent, so that every later call reaches the next activation.
            if (contract == typeof(IOwnerGrain) && Interlocked.CompareExchange(ref _lastOfOwner, null, method) == method)
                ((OwnerGrain)grain).DeactivateOnIdle();
        }
    }

    private static string Grains(string region) => $"the grains of {region}";

    private HeldCall? Find(Type? contract, string method, string where) =>
        _held.FirstOrDefault(held => held.Contract == contract && held.Method == method && held.Where == where);

    private Gate Hold(HeldCall call)
    {
        _held.Enqueue(call);
        return call.Gate;
    }
}
