namespace OrleansCache.Engine.References;

/// <summary>The class that implements an interface by calls, made once in a process.</summary>
internal sealed class ProxyType
{
    private readonly Func<ReferenceShared, GrainId, GrainProxy> _create;

    private ProxyType(Type interfaceType)
    {
        var contracts = InterfaceContract.WithParents(interfaceType).Select(type => new InterfaceContract(type)).ToList();
        Methods = [.. contracts.SelectMany(contract => contract.Methods.Select(method => (contract, method)))];
        var objections = Methods.Select(method => method.Method.Objection()).OfType<string>().ToList();
        if (interfaceType.ContainsGenericParameters) objections.Add($"{interfaceType} is an open generic type.");
        if (objections.Count > 0) throw new OrleansConfigurationException($"{interfaceType} cannot be called: {string.Join(' ', objections)}");
        _create = ProxyEmitter.Emit(interfaceType, Methods.Select(method => method.Method).ToList());
    }

    public IReadOnlyList<(InterfaceContract Interface, MethodContract Method)> Methods { get; }

    public static ProxyType For(Type interfaceType) => (ProxyType)typeof(Of<>).MakeGenericType(interfaceType).GetMethod(nameof(Of<object>.Get))!.Invoke(null, null)!;

    public GrainProxy Create(ReferenceShared shared, GrainId grainId) => _create(shared, grainId);

    /// <summary>The runtime makes a generic type's constants once, which is all the caching that is needed.</summary>
    private static class Of<TInterface>
    {
        private static readonly Lazy<ProxyType> Value = new(() => new ProxyType(typeof(TInterface)));

        public static ProxyType Get() => Value.Value;
    }
}
