using System.Reflection;
using Orleans.Serialization.Invocation;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Filters;

/// <summary>What a call asks for, as filters see it.</summary>
internal sealed class Request<TArgs, TResult>(MethodShape<TArgs, TResult> shape, TArgs args, CancellationToken token) : IInvokable
{
    public bool IsCancellable => shape.TakesToken;

    public int GetArgumentCount() => shape.Args.Count + (shape.TakesToken ? 1 : 0);

    public object? GetArgument(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, GetArgumentCount());
        if (index == shape.TokenIndex) return token;
        return shape.Args.Get(args, shape.TakesToken && index > shape.TokenIndex ? index - 1 : index);
    }

    public string GetMethodName() => shape.Method.Name;

    public string GetInterfaceName() => shape.Interface.ToString().Replace('+', '.');

    public MethodInfo GetMethod() => shape.Method;

    public Type GetInterfaceType() => shape.Interface;

    public TimeSpan? GetDefaultResponseTimeout() => shape.Timeout;

    public CancellationToken GetCancellationToken() => token;
}
