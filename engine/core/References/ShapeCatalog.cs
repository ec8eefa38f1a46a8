using System.Collections.Concurrent;
using System.Linq.Expressions;
using OrleansCache.Engine.Filters;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.References;

/// <summary>The interfaces that this host calls and answers, made ready on first use.</summary>
internal sealed class ShapeCatalog(WireSerializer serializer, CallFilters filters)
{
    private readonly ConcurrentDictionary<Type, InterfaceShape> _interfaces = new();
    private readonly ConcurrentDictionary<ulong, MethodShape> _methods = new();

    public CallFilters Filters => filters;

    public InterfaceShape Get(Type interfaceType) => _interfaces.GetOrAdd(interfaceType, Create);

    /// <summary>The method that a message names.</summary>
    public MethodShape? Find(uint interfaceId, uint methodId) => _methods.GetValueOrDefault(Key(interfaceId, methodId));

    private static ulong Key(uint interfaceId, uint methodId) => ((ulong)interfaceId << 32) | methodId;

    private InterfaceShape Create(Type interfaceType)
    {
        var proxy = ProxyType.For(interfaceType);
        var methods = new MethodShape[proxy.Methods.Count];
        for (var i = 0; i < methods.Length; i++)
        {
            var (declaring, contract) = proxy.Methods[i];
            methods[i] = _methods.GetOrAdd(Key(declaring.Id, contract.Id), _ => CreateShape(declaring, contract));
            if (methods[i].Interface != declaring.Type || methods[i].FullName != contract.FullName)
            {
                throw new OrleansConfigurationException(
                    $"{methods[i].Interface}.{methods[i].FullName} and {declaring.Type}.{contract.FullName} have the same number on the wire. Give one of them another [Alias].");
            }
        }

        return new InterfaceShape(InterfaceContract.NameOf(interfaceType), methods, proxy);
    }

    private MethodShape CreateShape(InterfaceContract declaring, MethodContract contract) => (MethodShape)Activator.CreateInstance(
        typeof(MethodShape<,>).MakeGenericType(contract.ListType, contract.ResultType), declaring.Id, contract, serializer, Invoker(contract), IsOwn(declaring) ? null : filters)!;

    private static bool IsOwn(InterfaceContract declaring) => declaring.Type.Assembly == typeof(ShapeCatalog).Assembly;

    private static Delegate Invoker(MethodContract contract)
    {
        var target = Expression.Parameter(typeof(object), "target");
        var args = Expression.Parameter(contract.ListType, "args");
        var token = Expression.Parameter(typeof(CancellationToken), "token");
        Expression list = args;
        var values = new List<Expression>();
        for (var i = 0; i < contract.ArgumentTypes.Length + (contract.TokenIndex < 0 ? 0 : 1); i++)
        {
            if (i == contract.TokenIndex)
            {
                values.Add(token);
                continue;
            }

            values.Add(Expression.Property(list, "Head"));
            list = Expression.Property(list, "Tail");
        }

        Expression body = Expression.Call(Expression.Convert(target, contract.Method.DeclaringType!), contract.Method, values);
        if (contract.Method.ReturnType == typeof(void)) body = Expression.Block(body, Expression.Constant(Task.CompletedTask));
        else if (!typeof(Task).IsAssignableFrom(contract.Method.ReturnType)) body = Expression.Call(body, nameof(ValueTask.AsTask), null);
        var type = typeof(Func<,,,>).MakeGenericType(typeof(object), contract.ListType, typeof(CancellationToken), typeof(Task));
        return Expression.Lambda(type, Expression.Convert(body, typeof(Task)), target, args, token).Compile();
    }
}
