using System.Reflection;
using Orleans.Concurrency;

namespace OrleansCache.Engine.References;

/// <summary>What an interface says about one of its methods, however it will be called.</summary>
internal sealed class MethodContract
{
    public MethodContract(MethodInfo method)
    {
        Method = method;
        var parameters = method.GetParameters();
        TokenIndex = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        ArgumentTypes = [.. parameters.Where((_, index) => index != TokenIndex).Select(parameter => parameter.ParameterType)];
        ListType = ArgsCodecFactory.ListType(ArgumentTypes);
        var returned = method.ReturnType;
        var carriesResult = returned.IsGenericType && (returned.GetGenericTypeDefinition() == typeof(Task<>) || returned.GetGenericTypeDefinition() == typeof(ValueTask<>));
        HasResult = carriesResult;
        ResultType = carriesResult ? returned.GetGenericArguments()[0] : typeof(None);
        IsOneWay = method.IsDefined(typeof(OneWayAttribute)) || returned == typeof(void);
        IsAlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        var name = method.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"{method.Name}({string.Join(',', parameters.Select(parameter => parameter.ParameterType.ToString()))})";
        Id = unchecked((uint)StableHash.Compute(System.Text.Encoding.UTF8.GetBytes(name)));
    }

    public MethodInfo Method { get; }

    /// <summary>The number that stands for the method on the wire.</summary>
    public uint Id { get; }

    /// <summary>The position of the method's cancellation token among its parameters, which is not sent; -1: none.</summary>
    public int TokenIndex { get; }

    public Type[] ArgumentTypes { get; }

    public Type ListType { get; }

    public Type ResultType { get; }

    public bool HasResult { get; }

    public bool IsOneWay { get; }

    public bool IsAlwaysInterleave { get; }

    public TimeSpan? Timeout { get; }

    public string FullName => $"{Method.DeclaringType!.Name}.{Method.Name}";

    /// <summary>Why the method cannot be called from afar; null when it can.</summary>
    public string? Objection()
    {
        var returned = Method.ReturnType;
        if (Method.IsGenericMethodDefinition) return $"{Method.DeclaringType}.{Method.Name} is generic; calls are typed.";
        if (Method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef)) return $"{Method.DeclaringType}.{Method.Name} has a parameter by reference; arguments are copied.";
        if (returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask) || HasResult) return null;
        return $"{Method.DeclaringType}.{Method.Name} returns {returned}; it has to return Task, ValueTask, one with a result, or nothing.";
    }
}
