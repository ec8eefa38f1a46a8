using OrleansCache.Engine.Filters;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.References;

internal sealed class MethodShape<TArgs, TResult>(
    uint interfaceId, MethodContract contract, WireSerializer serializer, Func<object, TArgs, CancellationToken, Task> invoke, CallFilters? filters)
    : MethodShape(interfaceId, contract, filters)
{
    private readonly IValueCodec<TResult>? _result = contract.HasResult ? serializer.GetCodec<TResult>() : null;

    public ArgsCodec<TArgs> Args { get; } = ArgsCodecFactory.Create<TArgs>(serializer);

    public WireSerializer Serializer => serializer;

    /// <summary>Runs a call of a grain or an observer, through the filters if there are any.</summary>
    public Task<TResult> InvokeAsync(ICallHost host, object target, TArgs args, CancellationToken token) => Filters is { } known && known.Concern(target)
        ? new IncomingCallContext<TArgs, TResult>(this, known.Incoming, (IGrainContext)host, target, args, token).RunAsync()
        : RunAsync(target, args, token);

    /// <summary>Runs the method.</summary>
    public async Task<TResult> RunAsync(object target, TArgs args, CancellationToken token)
    {
        var task = invoke(target, args, token);
        if (HasResult) return await (Task<TResult>)task;
        await task;
        return default!;
    }

    /// <summary>A result as the caller gets it: sharing nothing mutable with the grain.</summary>
    public TResult CopyResult(TResult result) => _result is null || _result.IsImmutable ? result : _result.Copy(result)!;

    public void WriteResult(ref WireWriter writer, TResult result) => _result?.Write(ref writer, result);

    public TResult ReadResult(ref WireReader reader) => _result is null ? default! : _result.Read(ref reader)!;

    public override async Task RunAsync(RelayedCall call, ICallHost host, object target)
    {
        try
        {
            var result = await InvokeAsync(host, target, ReadArgs(call), call.Token);
            call.Answer((Shape: this, Result: result), static (ref WireWriter writer, (MethodShape<TArgs, TResult> Shape, TResult Result) answer) => answer.Shape.WriteResult(ref writer, answer.Result));
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
        finally
        {
            host.Finished(call);
        }
    }

    private TArgs ReadArgs(RelayedCall call)
    {
        var reader = new WireReader(call.Payload);
        return Args.Read(ref reader);
    }
}
