using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>Knows which codec a type has. The codecs that it makes are not connected yet.</summary>
internal sealed class CodecFactory
{
    private static readonly ImmutableDictionary<Type, Type> Generic = new Dictionary<Type, Type>
    {
        [typeof(Nullable<>)] = typeof(NullableCodec<>),
        [typeof(List<>)] = typeof(ListCodec<>),
        [typeof(HashSet<>)] = typeof(HashSetCodec<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCodec<,>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCodec<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListCodec<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryCodec<,>),
    }.ToImmutableDictionary();

    /// <summary>Interfaces of collections, and the type that stands for collections whose own type cannot be sent.</summary>
    private static readonly ImmutableDictionary<Type, Type> Interfaces = new Dictionary<Type, Type>
    {
        [typeof(IEnumerable<>)] = typeof(List<>),
        [typeof(IReadOnlyCollection<>)] = typeof(List<>),
        [typeof(IReadOnlyList<>)] = typeof(List<>),
        [typeof(ICollection<>)] = typeof(List<>),
        [typeof(IList<>)] = typeof(List<>),
        [typeof(IReadOnlySet<>)] = typeof(HashSet<>),
        [typeof(ISet<>)] = typeof(HashSet<>),
        [typeof(IReadOnlyDictionary<,>)] = typeof(Dictionary<,>),
        [typeof(IDictionary<,>)] = typeof(Dictionary<,>),
    }.ToImmutableDictionary();

    private static readonly ImmutableHashSet<Type> Tuples =
    [
        typeof(KeyValuePair<,>), typeof(ValueTuple),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>),
        typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>), typeof(Tuple<,,,,,,>), typeof(Tuple<,,,,,,,>),
    ];

    private readonly IReferenceCodec _references;
    private readonly Dictionary<Type, IValueCodec> _simple;
    private readonly TypedCodecs _typed;

    /// <param name="references">How references travel.</param>
    /// <param name="own">Codecs of the runtime's own types.</param>
    /// <param name="exact">Where values that say their type get their codecs.</param>
    public CodecFactory(IReferenceCodec references, IEnumerable<IValueCodec> own, TypedCodecs.ExactCodec exact)
    {
        _references = references;
        _simple = SimpleCodecs.Create().Concat(own).ToDictionary(codec => codec.ValueType);
        var builtIn = _simple.Keys.Concat(Generic.Keys).Concat(Interfaces.Keys).Concat(Tuples)
            .Append(typeof(object)).Append(typeof(UnavailableExceptionFallbackException));
        _typed = new TypedCodecs(new TypeNames(builtIn), exact);
    }

    /// <summary>The codec, or null and why there is none.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="problems">Each reason, without a role; "type X has no …".</param>
    public IValueCodec? Create(CodecKey key, out IReadOnlyList<string> problems)
    {
        problems = [];
        var type = key.Type;
        if (_simple.TryGetValue(type, out var simple))
            return simple;
        if (type.ContainsGenericParameters || type.IsPointer || type.IsByRef || type.IsByRefLike || (type.IsArray && !type.IsSZArray))
            return Refuse($"type {TypeText.Of(type)} cannot be sent", out problems);
        if (type.IsEnum)
            return Make(typeof(EnumCodec<>), [type]);
        if (type.IsSZArray)
            return Make(typeof(ArrayCodec<>), [type.GetElementType()!]);
        if (!type.IsValueType && _references.IsReferenceInterface(type))
            return Make(typeof(ReferenceCodec<>), [type], _references);
        if (type.IsAssignableTo(typeof(Exception)))
            return CreateException(key, out problems);

        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        if (Generic.TryGetValue(definition, out var codec))
            return Make(codec, type.GenericTypeArguments);
        if (Interfaces.TryGetValue(definition, out var standIn))
            return CreateInterface(type, standIn.MakeGenericType(type.GenericTypeArguments));
        if (Tuples.Contains(definition))
            return CreateObject(type, ObjectModel.OfFields(type), isImmutable: false);

        var isKnown = type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);
        if (!key.Exact && !type.IsSealed && (isKnown || type.IsAbstract || type == typeof(object)))
            return Make(typeof(PolymorphicCodec<>), [type], _typed, isKnown && !type.IsAbstract ? type : null, null);
        if (!isKnown || type.IsAbstract)
            return Refuse($"type {TypeText.Of(type)} has no [GenerateSerializer]", out problems);
        var model = ObjectModel.Of(type);
        problems = model.Problems;
        return problems.Count > 0 ? null : CreateObject(type, model, type.IsDefined(typeof(ImmutableAttribute), inherit: false));
    }

    private static IValueCodec? Refuse(string problem, out IReadOnlyList<string> problems)
    {
        problems = [problem];
        return null;
    }

    private IValueCodec? CreateException(CodecKey key, out IReadOnlyList<string> problems)
    {
        problems = [];
        var type = key.Type;
        var isKnown = type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);
        if (!isKnown && type != typeof(UnavailableExceptionFallbackException) && !TypeNames.IsFrameworkException(type))
            return Refuse($"type {TypeText.Of(type)} has no [GenerateSerializer]", out problems);
        if (!key.Exact)
            return Make(typeof(PolymorphicCodec<>), [type], _typed, type.IsAbstract ? null : type, null);
        if (type == typeof(AggregateException))
            return new AggregateExceptionCodec();
        if (type.IsAbstract)
            return Refuse($"type {TypeText.Of(type)} is abstract", out problems);
        if (!isKnown)
            return CreateObject(type, model: null, isImmutable: true);
        var model = ObjectModel.Of(type);
        problems = model.Problems;
        return problems.Count > 0 ? null : CreateObject(type, model, isImmutable: true);
    }

    private IValueCodec CreateInterface(Type type, Type standIn)
    {
        // Collections of types that are not known (of a query, say) are copied into their stand-in by its constructor.
        var copy = (Func<object, object>)(value => Activator.CreateInstance(standIn, value)!);
        return Make(typeof(PolymorphicCodec<>), [type], _typed, standIn, copy);
    }

    private static IValueCodec CreateObject(Type type, ObjectModel? model, bool isImmutable)
    {
        var levels = new List<Array>();
        if (type.IsAssignableTo(typeof(Exception)))
            levels.Add((Array)typeof(ExceptionMembers).GetMethod(nameof(ExceptionMembers.Of))!.MakeGenericMethod(type).Invoke(null, null)!);
        var memberType = typeof(Member<>).MakeGenericType(type);
        foreach (var level in model?.Levels ?? [])
        {
            var members = Array.CreateInstance(memberType, level.Length);
            for (var i = 0; i < level.Length; i++)
                members.SetValue(Activator.CreateInstance(typeof(Member<,>).MakeGenericType(type, level[i].Type), level[i]), i);
            levels.Add(members);
        }

        var all = Array.CreateInstance(memberType.MakeArrayType(), levels.Count);
        for (var i = 0; i < levels.Count; i++)
            all.SetValue(levels[i], i);
        return Make(type.IsValueType ? typeof(StructCodec<>) : typeof(ObjectCodec<>), [type], all, isImmutable);
    }

    private static IValueCodec Make(Type codec, Type[] arguments, params object?[] parameters) =>
        (IValueCodec)Activator.CreateInstance(codec.MakeGenericType(arguments), parameters)!;
}
