using System.Runtime.ExceptionServices;
using Orleans.Serialization.Invocation;

namespace OrleansCache.Engine.Filters;

internal sealed class FailedResponse(Exception exception) : Response
{
    public override object? Result
    {
        get => GetResult<object>();
        set => throw new InvalidOperationException("A call that failed has no result. Set the context's result instead.");
    }

    public override Exception? Exception { get; set; } = exception;

    public override T GetResult<T>()
    {
        ExceptionDispatchInfo.Throw(Exception!);
        return default!;
    }
}
