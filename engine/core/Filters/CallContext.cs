using System.Reflection;
using Orleans.Serialization.Invocation;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Filters;

/// <summary>A call on its way through filters: each of them goes on to the next, the last one to the call. Whoever goes on twice makes the call twice.</summary>
internal abstract class CallContext<TArgs, TResult>(MethodShape<TArgs, TResult> shape, TArgs args, CancellationToken token) : IGrainCallContext
{
    private int _stage;
    private IInvokable? _request;

    public IInvokable Request => _request ??= new Request<TArgs, TResult>(shape, args, token);

    public abstract object Grain { get; }

    public abstract GrainId TargetId { get; }

    public string InterfaceName => Request.GetInterfaceName();

    public string MethodName => shape.Method.Name;

    public MethodInfo InterfaceMethod => shape.Method;

    public abstract object? Result { get; set; }

    public Response? Response { get; set; }

    protected MethodShape<TArgs, TResult> Shape => shape;

    protected TArgs Args => args;

    protected CancellationToken Token => token;

    protected abstract int FilterCount { get; }

    public async Task Invoke()
    {
        var stage = _stage++;
        try
        {
            if (stage > FilterCount) throw new InvalidOperationException($"{shape.FullName} is past its filters already. Invoke the context only in the filter that was given it.");
            if (stage == FilterCount)
            {
                await CallAsync();
                return;
            }

            await FilterAsync(stage);
            if (Response is null) throw new InvalidOperationException($"Filter {stage + 1} of {shape.FullName} has ended, and the call has no response. Invoke the context, set its result, or throw.");
        }
        finally
        {
            _stage--;
        }
    }

    protected abstract Task FilterAsync(int stage);

    protected abstract Task CallAsync();

    protected Response Responding(TResult result) => shape.HasResult ? Response.FromResult(result) : Response.Completed;

    /// <summary>What the response holds. A filter that gives no result gives the default one.</summary>
    protected TResult TypedResult(Response response) => shape.HasResult && response.Result is not null ? response.GetResult<TResult>() : default!;
}
