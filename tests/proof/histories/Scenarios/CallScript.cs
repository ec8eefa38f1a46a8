using System.Collections.Concurrent;
using OrleansCache.Owners;
using OrleansCache.TestSupport;

namespace OrleansCache.Proof.Scenarios;

/// <summary>
/// What happens to the calls of a stage: some are held at gates, some are counted, and an owner may be lost after one. Calls of Orleans
/// itself pass through.
/// </summary>
internal sealed class CallScript
{
    private readonly ConcurrentQueue<HeldCall> _held = new();
    private readonly ConcurrentDictionary<(Type Contract, string Method), int> _begun = new();
    private string? _lastOfOwner;

    /// <summary>Holds calls before they are made.</summary>
    public Gate Hold<TContract>(string method, string from) =>
        Hold(new(typeof(TContract), method, from, OnItsWayBack: false, new($"the call {typeof(TContract).Name}.{method} from {from}")));

    /// <summary>Lets calls be made, and holds what they are answered.</summary>
    public Gate HoldAnswer<TContract>(string method, string from) =>
        Hold(new(typeof(TContract), method, from, OnItsWayBack: true, new($"the answer to {typeof(TContract).Name}.{method} for {from}")));

    /// <summary>Lets calls be made, and holds what the grains of a region answer, whoever has called.</summary>
    public Gate HoldAnswerOf<TContract>(string method, string region) =>
        HoldAnswer<TContract>(method, Grains(region));

    /// <summary>Waits until so many calls of a method have begun and have come to their first wait, if they have any.</summary>
    public Task HaveBegunAsync<TContract>(string method, int count) =>
        Eventually.IsTrueAsync(() => _begun.GetValueOrDefault((typeof(TContract), method)) >= count,
            $"{count} calls of {typeof(TContract).Name}.{method} have begun");

    /// <summary>The activation of an owner that ends this call of it, in whatever way, is lost: what it remembers is gone.</summary>
    public void LoseOwnerAfter(string method) => Volatile.Write(ref _lastOfOwner, method);

    /// <summary>Opens every gate.</summary>
    public void OpenAll()
    {
        foreach (var held in _held)
            held.Gate.Open();
    }

    /// <summary>A call leaves.</summary>
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

    /// <summary>A call arrives at its grain.</summary>
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
